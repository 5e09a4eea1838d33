<#--
  What the pages are made of. Typed data (names, addresses, identifiers) is printed by ${…}, which escapes it, and is never
  an argument of msg(): msg() looks for ${…} in its arguments and would take a name written so for the name of a message.
-->

<#--
  A field with its label above it. hint: a sentence below the label; optional: whether it may stay empty. More attributes of the input are passed through
  (autocomplete, inputmode…). The error of the field stands between label and input, tied to it.
-->
<#macro field name label hint="" optional=false attributes...>
<div class="field">
  <@labelled name=name label=label hint=hint/>
  <input <@inputAttributes name=name hint=hint optional=optional attributes=attributes/>>
</div>
</#macro>

<#-- The same for a password, with the eye that shows it; the eye needs JavaScript and is hidden without. -->
<#macro password name label autocomplete hint="" describedBy="" attributes...>
<div class="field">
  <@labelled name=name label=label hint=hint/>
  <div class="password">
    <input type="password" autocomplete="${autocomplete}" <@inputAttributes name=name hint=hint describedBy=describedBy attributes=attributes/>>
    <button type="button" class="eye" aria-pressed="false" aria-controls="${name}" title="${msg("showPassword")}" hidden>
      <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M1.5 12S5.5 5 12 5s10.5 7 10.5 7-4 7-10.5 7S1.5 12 1.5 12z"/><circle cx="12" cy="12" r="3"/><path class="eye-strike" d="M4 20 20 4"/></svg>
      <span class="visually-hidden">${msg("showPassword")}</span>
    </button>
  </div>
</div>
</#macro>

<#macro labelled name label hint>
  <label for="${name}">${label}</label>
  <#if hint?has_content>
  <p class="hint" id="${name}-hint">${hint}</p>
  </#if>
  <#if messagesPerField.existsError(name)>
  <p class="field-error" id="${name}-error"><span class="visually-hidden">${msg("errorPrefix")} </span>${messagesPerField.get(name)}</p>
  </#if>
</#macro>

<#macro inputAttributes name hint attributes optional=false describedBy="">
<#local failed = messagesPerField.existsError(name)>
<#local descriptions = (hint?has_content?then(name + "-hint ", "") + failed?then(name + "-error ", "") + describedBy)?trim>
id="${name}" name="${name}"<#if !optional> required</#if><#if failed> aria-invalid="true"</#if><#if descriptions?has_content> aria-describedby="${descriptions}"</#if><@extra attributes/><#t>
</#macro>

<#-- Further attributes; one that is true stands alone, one that is false is left out. -->
<#macro extra attributes>
<#list attributes as key, value><#if !value?is_boolean> ${key}="${value}"<#elseif value> ${key}</#if></#list><#t>
</#macro>

<#-- For password managers only: the account that the password on this page belongs to. Not posted: it has no name. -->
<#macro accountOfPassword address>
<input class="visually-hidden" type="text" id="account" autocomplete="username" value="${address}" readonly tabindex="-1" aria-hidden="true">
</#macro>

<#--
  A new password: the realm's criteria and the two fields, the same wherever one is chosen. address: the account's. The script
  ticks the criteria that it can judge; of the others the page says that they are checked when the form is sent.
-->
<#macro newPassword address>
<@criteriaList address=address/>
<@accountOfPassword address=address/>
<@password name="password-new" label=msg("passwordNewLabel") autocomplete="new-password" describedBy="criteria" data\-criteria="criteria"/>
<@password name="password-confirm" label=msg("passwordConfirmLabel") autocomplete="new-password"/>
</#macro>

<#-- A criterion that the server found missing says so; the others say nothing until something is typed. -->
<#macro criteriaList address>
<#local failed = messagesPerField.existsError("password-new")>
<ul class="criteria" id="criteria" aria-label="${msg("criteriaLabel")}" data-met="${msg("criterionMet")}" data-account="${address}">
  <#list .data_model.criteria![] as criterion>
  <#local missing = failed && criterion.missing>
  <li data-rule="${criterion.id}" data-number="${criterion.number?c}"<#if missing> class="missing"</#if>>${criterion.text}<#if !criterion.live> <small class="criterion-note">(${msg("criterionOnSending")})</small></#if> <span class="visually-hidden"><#if missing>(${msg("criterionMissing")})</#if></span></li>
  </#list>
</ul>
<p class="visually-hidden" id="criteria-progress" aria-live="polite" data-text="${msg("criteriaProgress")}"></p>
</#macro>

<#-- The consent to the version of the terms that the page was given. -->
<#macro termsBox>
<#local failed = messagesPerField.existsError("terms")>
<div class="field">
  <#if failed>
  <p class="field-error" id="terms-error"><span class="visually-hidden">${msg("errorPrefix")} </span>${messagesPerField.get("terms")}</p>
  </#if>
  <div class="checkbox">
    <input type="checkbox" id="terms" name="terms" value="on" required<#if ((.data_model.values.terms)!"") == "on"> checked</#if><#if failed> aria-invalid="true"</#if> aria-describedby="terms-hint<#if failed> terms-error</#if>">
    <label for="terms">${msg("termsAcceptBefore")} <@document text=msg("termsAcceptTerms") href=(.data_model.terms.url)!""/> ${msg("termsAcceptBetween")} <@document text=msg("termsAcceptPrivacy") href=(.data_model.terms.privacyUrl)!""/></label>
  </div>
  <p class="hint" id="terms-hint">${msg("termsNewTab")}</p>
</div>
</#macro>

<#macro button label attributes...>
<button type="submit" class="button"<@extra attributes/>>${label}</button>
</#macro>

<#-- ANNULER of an action that an application started: a form of its own, so that what was typed is not sent along. -->
<#macro cancelAction>
<form id="cancel-form" action="${url.loginAction}" method="post">
  <button type="submit" class="button button-quiet" name="cancel-aia" value="true">${msg("cancelButton")}</button>
</form>
</#macro>

<#-- A second button, of less weight. -->
<#macro quietButton label attributes...>
<button type="submit" class="button button-quiet"<@extra attributes/>>${label}</button>
</#macro>

<#--
  Asks for the mail again. wait: seconds until that is possible, which the script counts down; the words stand there from the
  start, and their place stays, so nothing moves. Without script the button can be used at once, and the server says how long to wait.
-->
<#macro resend wait>
<p id="resend-question">${msg("verifyResendQuestion")}</p>
<button type="submit" class="button button-quiet" id="resend" name="action" value="resend" aria-describedby="resend-question resend-wait"<#if wait gt 0> data-wait="${wait?c}"</#if>>${msg("verifyResend")}</button>
<p class="hint" id="resend-wait"><#if wait gt 0>${msg("verifyResendWait", wait?c)}</#if></p>
</#macro>

<#macro linkButton href label attributes...>
<a class="button" href="${href}"<@extra attributes/>>${label}</a>
</#macro>

<#-- The way on from a page that knows no application: the first that the manifest names. -->
<#macro entrance>
<#local entrance = (realm.getAttribute("moncompte.entranceUrl"))!"">
<#if entrance?has_content>
<@linkButton href=entrance label=msg("backToApplication") id="entrance"/>
</#if>
</#macro>

<#-- A question and where it leads: « Vous avez déjà un compte ? Connectez-vous ». Nothing when it leads nowhere. -->
<#macro question text link href>
<#if href?has_content>
<p class="question">${text} <a href="${href}">${link}</a></p>
</#if>
</#macro>

<#-- Something we know, named: « Identifiant provisoire : P00012 ». -->
<#macro fact label value>
<p class="fact">${label} <strong class="typed">${value}</strong></p>
</#macro>

<#-- « les CGU » or « la politique », as a link in a new tab (what was typed on the page is kept), or as words without one. -->
<#macro document text href="">
<#if href?has_content><a href="${href}" target="_blank" rel="noopener">${text}</a><#else>${text}</#if><#t>
</#macro>

<#macro telephone number><a href="tel:${number?replace("(0)", "")?replace("[^0-9+]", "", "r")}">${number}</a></#macro>

<#-- Help of the agency, or else of the operator: a page, or else telephone and email, or nothing. -->
<#macro help>
<#local agency = .data_model.agency!{}>
<#local ofAgency = agency.helpUrl?? || agency.phone?? || agency.email??>
<#local page = (ofAgency?then(agency.helpUrl, realm.getAttribute("moncompte.helpUrl")))!"">
<#local phone = (ofAgency?then(agency.phone, realm.getAttribute("moncompte.helpPhone")))!"">
<#local email = (ofAgency?then(agency.email, realm.getAttribute("moncompte.helpEmail")))!"">
<#if page?has_content>
<p class="help"><a href="${page}">${msg("helpQuestion")}</a></p>
<#elseif phone?has_content || email?has_content>
<div class="help">
  <p>${msg("helpQuestion")}</p>
  <ul>
    <#if phone?has_content>
    <li>${msg("helpPhone")} <@telephone number=phone/></li>
    </#if>
    <#if email?has_content>
    <li>${msg("helpEmail")} <a class="typed" href="mailto:${email}">${email}</a></li>
    </#if>
  </ul>
</div>
</#if>
</#macro>

<#-- The logo of the agency, or else of the realm's brand. -->
<#macro logo>
<#local file = (.data_model.agency.logo)!(realm.getAttribute("moncompte.logo"))!"">
<#if file?has_content>
<p class="brand-logo"><img src="${realmPath()}/logo/${file}" alt=""></p>
</#if>
</#macro>

<#-- Where our resource is found on this server, whatever page asks: the server's own know no address of the realm. -->
<#function realmPath><#return url.resourcesPath?keep_before("/resources/") + "/realms/" + realm.name + "/moncompte"></#function>

<#--
  The colours of the agency, or else of the realm: tokens of the style sheet, whose file name stands behind the address because
  other tokens need another address. On every page, also the server's own, which have no attributes of ours.
-->
<#macro colours>
<#local sheet = (.data_model.agency.colours)!(realm.getAttribute("moncompte.colours"))!"">
<#if sheet?has_content>
<link rel="stylesheet" href="${realmPath()}/colours/${sheet}.css?${properties.styles?keep_after_last("/")}">
</#if>
</#macro>

<#-- The round icon, in the page itself: a file of its own would cost the first visit a request. -->
<#macro icon>
<svg class="brand-icon" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="80" height="80" aria-hidden="true" focusable="false"><circle cx="48" cy="48" r="48" fill="#1d3557"/><g fill="none" stroke="#fff" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"><path d="M27 55V34a3 3 0 0 1 3-3h34a3 3 0 0 1 3 3v4M19 62h35M68 67h2"/><rect x="60" y="43" width="18" height="30" rx="3"/></g></svg>
</#macro>

<#macro favicon>
<#local drawing><@icon/></#local>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,${drawing?markup_string?trim?url("UTF-8")}">
</#macro>
