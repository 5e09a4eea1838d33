<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("addressTakenIntro")}</@layout.paragraph>
<@layout.paragraph>${msg("addressTakenYou")}</@layout.paragraph>
<#if loginUrl?has_content><@layout.button href=loginUrl label=msg("addressTakenButton")/></#if>
<@layout.paragraph>${msg("addressTakenNotYou")}</@layout.paragraph>
</@layout.emailLayout>
