<#-- A new version of the CGU, accepted at the next sign-in. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("termsTitle")}
<#elseif section == "form">
<p>${msg("termsText")}</p>
<#if (terms.version)?has_content><@parts.fact label=msg("termsVersion") value=terms.version/></#if>
<ul class="documents">
  <#if (terms.url)?has_content><li><@parts.document text=msg("termsReadTerms") href=terms.url/></li></#if>
  <#if (terms.privacyUrl)?has_content><li><@parts.document text=msg("termsReadPrivacy") href=terms.privacyUrl/></li></#if>
</ul>
<p class="hint">${msg("termsNewTab")}</p>
<form id="terms-form" action="${(screen.action)!url.loginAction}" method="post">
  <@parts.button label=msg("termsAcceptButton") name="accept" value="on"/>
</form>
<p class="question">${msg("termsRefuse")}</p>
</#if>
</@layout.registrationLayout>
