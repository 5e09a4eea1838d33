<#-- Applications that sign out through the browser, each in a hidden frame; the script then goes on, the link does without it. -->
<#import "template.ftl" as layout>
<#import "parts.ftl" as parts>
<@layout.registrationLayout; section>
<#if section == "header">
${msg("frontchannel-logout.title")}
<#elseif section == "form">
<p>${msg("frontchannel-logout.message")}</p>
<ul>
  <#list logout.clients as application>
  <li>${application.name!} <iframe src="${application.frontChannelLogoutUrl}" title="${application.name!}" hidden></iframe></li>
  </#list>
</ul>
<#if logout.logoutRedirectUri?has_content>
<a class="button" id="continue" href="${logout.logoutRedirectUri}" data-follow>${msg("doContinue")}</a>
<#else>
<@parts.entrance/>
</#if>
</#if>
</@layout.registrationLayout>
